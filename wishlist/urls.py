from django.urls import path

from wishlist import letter_views, shared_views, views

app_name = "wishlist"
urlpatterns = [
    path("wishlist/", views.show, name="list"),
    path("wishlist/press/", views.press, name="press"),
    path("wishlist/move/", views.move, name="move"),
    path("wishlist/local/", views.local, name="local"),
    path("wishlist/share/", shared_views.share, name="share"),
    path("wishlist/shared/<str:token>/", shared_views.shared, name="shared"),
    path("wishlist/shared/<str:token>/gift/", shared_views.gift, name="gift"),
    path("wishlist/letters/", letter_views.watch_list, name="watch_list"),
    path("wishlist/watch/<slug:slug>/", letter_views.watch, name="watch"),
    path("wishlist/mail/confirm/<str:token>/", letter_views.confirm, name="confirm"),
    path("wishlist/mail/letters/<str:token>/", letter_views.mail, name="mail"),
    path("wishlist/mail/stop/<str:token>/", letter_views.stop, name="stop"),
]
